from flask import Blueprint

blueprint = Blueprint("commitments", __name__)
