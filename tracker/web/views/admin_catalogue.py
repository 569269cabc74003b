from flask import Blueprint

blueprint = Blueprint("admin_catalogue", __name__)
