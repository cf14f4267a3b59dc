"""Printed forms: data in, PDF or PNG out, through the Typst templates in resources/forms."""
