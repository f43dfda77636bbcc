"""The rules once more, as simply as they can be said, for one organization in one year."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

INCOMPLETE, COMPLETE, CANCELLED = "incomplete", "complete", "cancelled"
STAFF, SYSTEM = "staff", "automatic"
FROM: dict[str, set] = {"start": {None, CANCELLED}, "register": {None, CANCELLED}}
FROM |= {"restore": {CANCELLED}, "automatic": {None, INCOMPLETE}, "end": {INCOMPLETE, COMPLETE}}
Effects = tuple[int, Counter[str]] | None  # audit events, and the addresses of mails


@dataclass(kw_only=True)
class Model:
    explicit: bool
    aco: bool
    now: datetime  # when the work is done
    windows: dict[str, tuple[datetime, datetime]]  # with the extension
    address: dict[str, str]  # of people and contacts
    roles: dict[str, str]
    size: str = ""
    phones: dict[str, str] = field(default_factory=dict)  # of contacts: complete with one
    deleted: set[str] = field(default_factory=set)
    enrolled: dict[str, tuple] = field(default_factory=dict)  # status, by, completed, cancelled
    notice: tuple | None = None  # size and phones as they were, and when the change is told

    def require(self, who: str, at: datetime, *whats: str) -> None:
        ends = [self.windows[w][1] for w in whats if self.windows[w][0] <= at < self.windows[w][1]]
        is_official = self.roles.get(who) == "security_official"
        late = bool(ends) and self.now > max(ends) + timedelta(seconds=30)
        if who not in {STAFF, SYSTEM} and (late or not ends or not is_official):
            raise PermissionError("late" if late and is_official else "never")

    def complete(self) -> list[str]:
        return [what for what, row in self.enrolled.items() if row[0] == COMPLETE]

    def officials(self, but: str = "") -> set[str]:
        found = {who for who, role in self.roles.items() if role == "security_official"}
        return {self.address[who] for who in found - {but}}

    def contacts(self, phones: dict[str, str]) -> set[str]:
        return {self.address[key] for key, phone in phones.items() if phone}

    def shown(self) -> tuple[str, dict[str, str]]:  # what contacts may know
        return self.size, {key: phone for key, phone in self.phones.items() if phone}

    def settle(self) -> Counter[str]:
        was, self.notice = self.notice and self.notice[0], None
        told = self.contacts(was[1]) | self.contacts(self.phones) if was else set()
        return Counter(told if was != self.shown() and self.complete() else ())

    def change(self, deed: str, who: str, at: datetime, what: str) -> Effects:
        self.require(who, at, what)
        status, by, completed, _ = self.enrolled.get(what, (None, None, None, None))
        if status not in FROM[deed]:
            return None
        needs_all = deed == "register" or (deed == "restore" and completed and by != SYSTEM)
        too_small = what == "web_interface" and self.size == "2-24" and deed != "end"
        lacks = needs_all and not (self.size and self.contacts(self.phones))
        ends_cahps = (what, deed) == ("cahps", "end")
        of_aco = ends_cahps or (status is None and deed in {"start", "register"})
        if too_small or lacks or (self.aco and of_aco):
            raise PermissionError("never")
        mails = self.settle() if deed in {"register", "end"} else Counter()
        told = self.officials(who) if who == STAFF or deed in {"end", "automatic"} else set()
        knows = self.explicit and (deed != "restore" or completed) and deed != "start"
        told |= self.contacts(self.phones) if knows or deed == "automatic" else set()
        self.size = "" if deed == "start" else self.size
        self.enrolled[what] = {
            "start": (INCOMPLETE, who, None, None),
            "end": (CANCELLED, by, completed, at),
            "restore": (COMPLETE if completed else INCOMPLETE, by, completed, None),
        }.get(deed, (COMPLETE, who, at, None))
        return 1, mails + Counter(told)

    def edit(self, who: str, at: datetime, size: tuple | None, contact: tuple | None) -> Effects:
        self.require(who, at, *self.windows)
        before, complete, events = self.shown(), self.complete(), 0
        key, was, phone = contact or ("", "", "")  # a phone of None: the contact is deleted
        stored = self.phones.get(key)
        is_only = bool(stored) and sum(map(bool, self.phones.values())) == 1
        runs = self.enrolled.get("cahps", (CANCELLED,))[0] != CANCELLED
        has_begun = bool(size or self.size or self.enrolled) if self.explicit else runs
        if not has_begun or (phone is None and is_only):
            raise PermissionError("never")
        if size and size[0] == self.size != size[1]:
            self.size, events = size[1], 1
        if phone is None and self.phones.pop(key, None) is not None:
            self.deleted, events = self.deleted | {key}, events + 1
        is_stale = key in self.deleted or was != (stored or "") or phone in {None, stored}
        if key and not is_stale and (phone or not (is_only and complete)):
            self.phones[key], events = phone, events + 1
        for what, (status, by, *_) in list(self.enrolled.items()):
            if events and status == INCOMPLETE and self.size and self.contacts(self.phones):
                self.enrolled[what], events = (COMPLETE, by, at, None), events + 1
        if events and self.explicit and complete and not self.notice:
            self.notice = before, at + timedelta(minutes=10)
        return (events, Counter()) if events else None
