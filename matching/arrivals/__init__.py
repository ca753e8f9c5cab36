"""Whom does a place serve best, if more people will come than are here today?"""
