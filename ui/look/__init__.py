"""How everything looks: colours, sizes, the scale of a screen, the style sheet. Knows no view and no station."""
