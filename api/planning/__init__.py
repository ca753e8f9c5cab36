"""How do coordinators change a plan before it is proposed, and see at once what that costs?"""

from api.planning.planning import Adopted, Planning
from api.planning.plans import Plan, Plans

__all__ = ["Adopted", "Plan", "Planning", "Plans"]
