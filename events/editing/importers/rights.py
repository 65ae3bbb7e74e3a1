"""What the person who imports may do: the rights that their forms ask for too."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from events.editing import workflow


class Rights:
    """The rights of `user`; nobody (the shell) may add and change, but not what readers see. `unlimited` for the sample archive."""

    def __init__(self, user: Any, unlimited: bool = False) -> None:
        self.user = user
        self.unlimited = unlimited

    def refusal(self, action: str, model: Any) -> str:
        """Why records of this model may not be added or changed; "" where they may."""
        if self.user is None or self.user.has_perm(f"events.{action}_{model._meta.model_name}"):
            return ""
        said = _("You may not add %s.") if action == "add" else _("You may not change %s.")
        return said % model._meta.verbose_name_plural

    def refusal_of_public(self, touched: Iterable[Any]) -> str:
        """Why a row may not change what these records show to readers; "" where it may, or where readers see none of them."""
        records = () if self.unlimited else touched
        said = (workflow.refusal_of_change(self.user, one) for one in records if hasattr(one, "status"))
        return next(filter(None, said), "")
