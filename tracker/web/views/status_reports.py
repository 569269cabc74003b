from flask import Blueprint

blueprint = Blueprint("status_reports", __name__)
