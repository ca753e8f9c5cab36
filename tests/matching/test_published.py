"""Instances that others published together with their optimum."""

import pytest

from matching import assignment, flow
from matching.solve import solve_told
from matching.told import ToldMember, ToldMentor, ToldProblem

MATRIX_SUM = """
      7  53 183 439 863 497 383 563  79 973 287  63 343 169 583
    627 343 773 959 943 767 473 103 699 303 957 703 583 639 913
    447 283 463  29  23 487 463 993 119 883 327 493 423 159 743
    217 623   3 399 853 407 103 983  89 463 290 516 212 462 350
    960 376 682 962 300 780 486 502 912 800 250 346 172 812 350
    870 456 192 162 593 473 915  45 989 873 823 965 425 329 803
    973 965 905 919 133 673 665 235 509 613 673 815 165 992 326
    322 148 972 962 286 255 941 541 265 323 925 281 601  95 973
    445 721  11 525 473  65 511 164 138 672  18 428 154 448 848
    414 456 310 312 798 104 566 520 302 248 694 976 430 392 198
    184 829 373 181 631 101 969 613 840 740 778 458 284 760 390
    821 461 843 513  17 901 711 993 293 157 274  94 192 156 574
     34 124   4 878 450 476 712 914 838 669 875 299 823 329 699
    815 559 813 459 522 788 168 586 966 232 308 833 251 631 107
    813 883 451 509 615  77 281 613 459 205 380 274 302  35 805
"""
"""Problem 345 of Project Euler: the greatest sum with one number of each row and column is 13,938."""


def told(worth):
    """Members of one rank and mentors with one place, a pair for each entry of a square matrix."""
    size = range(len(worth))
    return ToldProblem(
        members=tuple(ToldMember(id=f"m{i}") for i in size),
        mentors=tuple(ToldMentor(id=f"t{j}", capacity=1) for j in size),
        pairs=tuple((f"m{i}", f"t{j}", worth[i][j]) for i in size for j in size),
        full_fit=max(max(row) for row in worth),
    )


@pytest.fixture(params=["flow", "search"])
def way(request, monkeypatch):
    """Solve by the flow of OR-Tools, or by the search."""
    if request.param == "search":
        monkeypatch.setattr(flow, "COMPILED_FROM_PAIRS", 0)


def greatest_sum(worth):
    verdict = solve_told(told(worth))
    assert verdict.optimal
    return verdict.answer.objective.fit


@pytest.mark.usefixtures("way")
def test_the_greatest_sum_of_a_published_matrix_is_found():
    worth = [[int(number) for number in line.split()] for line in MATRIX_SUM.split("\n") if line.strip()]

    assert greatest_sum(worth) == 13_938


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("size", [2, 7, 20, 45])
def test_the_instances_of_machol_and_wien_that_are_hard_for_searches_are_solved(size):
    # Machol and Wien (1976) ask for the least sum of the i j, which pairs the greatest with the least. Each is taken
    # from the greatest entry here, because the greatest sum is asked for.
    most = (size - 1) ** 2
    least = sum(i * (size - 1 - i) for i in range(size))

    assert greatest_sum([[most - i * j for j in range(size)] for i in range(size)]) == size * most - least


def test_both_ways_are_tried():
    assert flow.COMPILED_FROM_PAIRS == assignment.COMPILED_FROM_PAIRS > 45 * 45
