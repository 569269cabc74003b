from flask import Blueprint

blueprint = Blueprint("states", __name__)
