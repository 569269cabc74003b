from flask import Blueprint

blueprint = Blueprint("admin_mail", __name__)
