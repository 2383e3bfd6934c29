"""All pairs: few combinations in which any two values of two axes meet."""

import itertools


def all_pairs(*axes):
    """Rows, one value of each axis, in which all pairs of values of two axes occur.

    The two longest axes are played in full. Each other axis, in turn, takes in each row
    the value that meets the most values for the first time, rows where it meets more of
    them first, and the axis' first value where there is nothing left to meet: list the
    cheapest first. Pairs that are left get rows of their own (Lei and Tai, 1998: in
    parameter order).

    Args:
        *axes: tuples of distinct values.

    Returns:
        A list of tuples, always the same for the same axes.
    """
    if len(axes) < 2 or not all(axes):
        raise ValueError(f"Pairs need two axes of one value or more. Received: {axes}.")
    order = sorted(range(len(axes)), key=lambda i: -len(axes[i]))
    ordered = [axes[i] for i in order]
    rows = [list(row) for row in itertools.product(*ordered[:2])]
    for axis, values in enumerate(ordered[2:], start=2):
        left = {
            (before, other, value)
            for before in range(axis)
            for other in ordered[before]
            for value in values
        }

        def met(row, value, axis=axis):
            return {(before, row[before], value) for before in range(axis)}

        for gain in range(axis, 0, -1):
            for row in rows:
                for value in values if len(row) == axis else ():
                    if len(left & met(row, value)) == gain:
                        left -= met(row, value)
                        row.append(value)
                        break
        for row in rows:
            row.extend(values[: axis + 1 - len(row)][:1])
        while left:
            before, other, value = min(left, key=repr)
            row = [ordered[i][0] for i in range(axis)]
            row[before] = other
            for i in range(axis):
                missing = [v for v in ordered[i] if (i, v, value) in left]
                if i != before and missing:
                    row[i] = missing[0]
            left -= met(row, value)
            rows.append([*row, value])
    back = [order.index(i) for i in range(len(axes))]
    return [tuple(row[i] for i in back) for row in rows]
