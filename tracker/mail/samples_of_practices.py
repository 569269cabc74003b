"""Samples of the mails about good practices."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tracker.mail.messages import good_practices
from tracker.mail.rendering import Rendered
from tracker.mail.sample_facts import facts

SAMPLES: dict[str, Callable[[str], Rendered]] = {}


def _practice(mail: Callable[..., Rendered], to_staff: bool, language: str) -> Rendered:
    f = facts(language)
    code, title = f.commitments[0]
    told = good_practices.Told(
        party=f.party,
        code=code,
        commitment=title,
        title=f.typed.split("\n")[0],
        text=f.typed,
        reason=f.typed,
        to_staff=to_staff,
        url=f.site.managed_practice(1),
        public_url=f.site.practice(1),
        account_url=f.site.my_mail,
    )
    return mail(f.reader, language, told)


SAMPLES["good_practices.proposed"] = partial(_practice, good_practices.proposed, False)
SAMPLES["good_practices.offered"] = partial(_practice, good_practices.offered, True)
SAMPLES["good_practices.agreed"] = partial(_practice, good_practices.agreed, False)
SAMPLES["good_practices.declined"] = partial(_practice, good_practices.declined, True)
SAMPLES["good_practices.taken_back"] = partial(_practice, good_practices.taken_back, False)
