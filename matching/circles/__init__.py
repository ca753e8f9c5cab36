"""Who should meet in which circle, with whom to facilitate it, on what and when?"""
