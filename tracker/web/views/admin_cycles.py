from flask import Blueprint

blueprint = Blueprint("admin_cycles", __name__)
