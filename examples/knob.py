# A knob: a toothed outline made by a loop, a dome by revolving and a shaft hole with a flat.
import math

import cadquery as cq

teeth = 16
outer = 20.0    # radius over the teeth
inner = 18.0    # radius between them
height = 12.0
shaft = 6.0     # diameter
flat = 1.0      # how much of the shaft's circle is cut off


def outline():
    points = []
    for i in range(teeth):
        for part, radius in ((0.0, inner), (0.25, outer), (0.5, outer), (0.75, inner)):
            angle = 2 * math.pi * (i + part) / teeth
            points.append((radius * math.cos(angle), radius * math.sin(angle)))
    return points


grip = cq.Workplane("XY").polyline(outline()).close().extrude(height)
dome = (
    cq.Workplane("XZ")
    .moveTo(0, height)
    .lineTo(inner - 2, height)
    .threePointArc(((inner - 2) * 0.7, height + 2.1), (0, height + 4))
    .close()
    .revolve(360, (0, 0, 0), (0, 1, 0))
)
hole = (
    cq.Workplane("XY")
    .circle(shaft / 2)
    .extrude(height - 2)
    .cut(cq.Workplane("XY").box(shaft, shaft, 4 * height).translate((0, shaft - flat, 0)))
)
result = grip.union(dome).cut(hole)
