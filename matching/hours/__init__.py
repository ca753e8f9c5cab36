"""When is the weekly hour of each pair, such that it is free for both and no other match of the mentor has it?

**Notation**, beside that of `matching.problem`. Hours `h` are the full hours of a week on the mentor's clock, 0 to 167
from Monday 0:00. Pair `(i, j)` shares hour h if it is free for both in each of the 52 weeks from the problem's on
(`clock`, `free`) and no open match of mentor j has it. With the policy `standing_hour` a pair that shares none is not
feasible (the rule `standing-hour`), and

    each pair of a plan has an hour that it shares, and no two pairs of a mentor have the same.

It stays a flow: from member to (mentor, hour), where one fits, to the mentor's places. `assignment` finds a best plan
on some pairs, `pricing` and `survey` whether any other pair is worth more, `optimum` puts both together, `canonical`
chooses among equals, `seating` names the hours, and `certificate` proves the whole over all pairs and hours.
"""
