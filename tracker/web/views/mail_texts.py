"""The wording of mails in the browser."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("mail_texts", __name__)
