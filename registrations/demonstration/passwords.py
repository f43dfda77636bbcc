"""The demonstration's passwords, kept in a private file so that every start can show them."""

import os
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path

FILE_NAME = "demonstration_passwords"
WORDS_IN_A_PASSPHRASE = 4

_WORDS = """
acorn amber anchor apple autumn badge bamboo basket beacon berry bishop bottle branch breeze bridge
bronze bucket butter button cabin candle canoe canvas carbon carpet castle cedar cellar cherry
circle clover cobalt coffee copper coral cotton cradle crystal dagger daisy desert dolphin dragon
drummer eagle ember engine falcon feather fiddle forest fossil fountain galaxy garden garlic ginger
glacier goblet granite guitar hammer harbor hazel helmet honey horizon island ivory jacket jasmine
jungle kettle kitten ladder lagoon lantern lemon lettuce linen lizard lobster magnet mango maple
marble meadow melon mirror mitten monkey mosaic muffin napkin needle nickel nutmeg oasis ocean olive
onion orchid otter oyster paddle panda paper pebble pepper picnic pillow planet pocket pollen
pretzel pumpkin puzzle quartz rabbit raisin ribbon river rocket saddle saffron salmon sandal satin
shadow silver spider spruce squash summit sunset tandem temple thunder ticket timber tomato tulip
tunnel turtle valley velvet violin walnut walrus window winter yellow zipper
""".split()  # noqa: SIM905 - words read better as text


def new_passphrase() -> str:
    """Words that can be typed from a screen, and a number: about 38 bits of chance."""
    words = [secrets.choice(_WORDS) for _ in range(WORDS_IN_A_PASSPHRASE)]
    return "-".join([*words, str(100 + secrets.randbelow(900))])


def read(folder: Path) -> dict[str, str]:
    """The passwords by user ID; nothing when the file isn't there."""
    try:
        lines = (folder / FILE_NAME).read_text().splitlines()
    except FileNotFoundError:
        return {}
    pairs = (line.partition(" ") for line in lines)
    return {user_id: password for user_id, _, password in pairs if password}


def keep(folder: Path, passwords: Mapping[str, str]) -> None:
    """Write the file anew, readable by its owner only; whoever reads meanwhile sees all or none."""
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f"{FILE_NAME}.{os.getpid()}"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.writelines(f"{user_id} {password}\n" for user_id, password in passwords.items())
    fresh.replace(folder / FILE_NAME)


def complete(kept: Mapping[str, str], user_ids: Iterable[str]) -> dict[str, str]:
    """The kept passwords, and a new passphrase for each person who has none."""
    return {user_id: kept.get(user_id) or new_passphrase() for user_id in user_ids}
