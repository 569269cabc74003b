from flask import Blueprint

blueprint = Blueprint("admin_people", __name__)
