"""A secret split among the commission members: any k of n rebuild it (SLIP-39)."""

from collections.abc import Iterable

from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics

from kiosk.errors import Refusal


def split(secret: bytes, k: int, n: int) -> list[str]:
    """`n` shares as words, of which any `k` are enough. A single share is the secret itself, held by everybody."""
    if k == 1:
        [[share]] = generate_mnemonics(1, [(1, 1)], secret, iteration_exponent=0)
        return [share] * n
    [shares] = generate_mnemonics(1, [(k, n)], secret, iteration_exponent=0)
    return list(shares)


def combine(shares: Iterable[str], k: int) -> bytes | Refusal:
    """The secret; `too_few_shares` or `shares_do_not_match` (of different secrets, or damaged)."""
    distinct = sorted(set(shares))
    if len(distinct) < k:
        return Refusal("too_few_shares", {"found": len(distinct), "needed": k})
    try:
        secret: bytes = combine_mnemonics(distinct[:k])
    except (MnemonicError, ValueError):
        return Refusal("shares_do_not_match")
    return secret
