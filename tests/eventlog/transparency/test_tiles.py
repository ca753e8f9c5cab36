"""Are tiles those of C2SP tlog-tiles, and does a tree grown in any steps end up the same?"""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventlog.transparency.merkle import CompactRange, consistency_proof, root, verify_consistency
from eventlog.transparency.tiles import GrowingTiles, Tile, TreeDamaged, edge, nodes, tile_path, tiles_between

LEAVES = [sha256(b"%d" % number).digest() for number in range(70_000)]


def grow(sizes):
    """Grow a tree in steps; give the stored tiles and the root after each step."""
    stored, roots, size = {}, {0: CompactRange().root()}, 0

    def read(level, index):
        return stored[level, index]

    for following in sizes:
        tree = GrowingTiles(size, read)
        for leaf in LEAVES[size:following]:
            tree.append(leaf)
        stored.update({(tile.level, tile.index): tile.hashes for tile in tree.changed()})
        size, roots[following] = following, tree.root()
    return stored, roots


def test_the_paths_are_those_of_the_specification():
    assert tile_path(0, 1_234_067) == "tile/0/x001/x234/067"
    assert tile_path(63, 5) == "tile/63/005"
    assert Tile(1, 0, b"\0" * 32 * 17).path == "tile/1/000.p/17"
    assert Tile(0, 273, b"\0" * 8192).path == "tile/0/273"


def test_a_tree_of_70000_has_the_tiles_that_the_specification_counts():
    stored, _ = grow([70_000])
    assert list(edge(70_000)) == [(0, 273, 112), (1, 1, 17), (2, 0, 1)]
    widths = {place: len(hashes) // 32 for place, hashes in stored.items()}
    assert sum(width == 256 for (level, _), width in widths.items() if level == 0) == 273
    assert {place: width for place, width in widths.items() if width < 256} == {(0, 273): 112, (1, 1): 17, (2, 0): 1}
    assert widths == {(level, index): width for level, index, width in tiles_between(0, 70_000)}


def test_a_tree_of_256_has_a_full_tile_and_one_hash_above_it():
    assert sorted(grow([256])[0]) == [(0, 0), (1, 0)]
    assert list(edge(256)) == [(1, 0, 1)]


@settings(deadline=None, max_examples=60)
@given(st.sets(st.integers(1, 1500), min_size=1, max_size=8).map(sorted))
def test_a_tree_is_the_same_in_whatever_steps_it_grows(sizes):
    stored, roots = grow(sizes)
    assert stored == grow(sizes[-1:])[0]
    node = nodes(lambda level, index: stored[level, index])
    plain = CompactRange()
    for size, leaf in enumerate(LEAVES[: sizes[-1]], start=1):
        plain.append(leaf)
        if size in roots:
            assert roots[size] == plain.root() == root(size, node)
    for old_size in sizes:
        proof = consistency_proof(old_size, sizes[-1], node)
        verify_consistency(old_size, roots[old_size], sizes[-1], roots[sizes[-1]], proof)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 3000), st.integers(0, 3000))
def test_the_tiles_between_two_sizes_are_those_that_growing_changed(one, other):
    old_size, size = sorted((one, other))
    if old_size == size:
        return
    old, _ = grow([old_size] if old_size else [])
    new, _ = grow([old_size, size] if old_size else [size])
    changed = {place for place, hashes in new.items() if old.get(place) != hashes}
    assert changed <= {(level, index) for level, index, _ in tiles_between(old_size, size)}


def test_a_tile_that_lost_hashes_is_noticed():
    stored, _ = grow([300])
    with pytest.raises(TreeDamaged):
        GrowingTiles(300, lambda level, index: stored[level, index][:-32])
    with pytest.raises(TreeDamaged):
        root(300, nodes(lambda level, index: stored[level, index][:-32]))
