"""Who should be supported by whom, where a mentor and a navigator work as a team?"""
