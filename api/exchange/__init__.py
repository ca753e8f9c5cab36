"""Handing a person's consents to others in the forms of the field, and deciding from what was handed over alone."""
