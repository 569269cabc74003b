"""Forms of the account pages."""

from flask_wtf import FlaskForm


class SignInForm(FlaskForm):
    pass
