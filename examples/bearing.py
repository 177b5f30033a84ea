# A bearing block: a foot with slotted screw holes, an upright with a bore, and a boss around it.
import cadquery as cq

length, depth, foot = 90.0, 36.0, 12.0
upright, height, bore, boss = 44.0, 40.0, 20.0, 34.0

base = (
    cq.Workplane("XY").box(length, depth, foot, centered=(True, True, False))
    .faces(">Z").workplane().pushPoints([(-34, 0), (34, 0)]).slot2D(14, 7).cutThruAll()
)
wall = (
    cq.Workplane("XZ", origin=(0, 12, 0))
    .moveTo(-upright / 2, foot).lineTo(upright / 2, foot).lineTo(upright / 2, height)
    .threePointArc((0, height + upright / 2), (-upright / 2, height)).close().extrude(24)
)
ring = cq.Workplane("XZ", origin=(0, 18, height)).circle(boss / 2).extrude(36)
hole = cq.Workplane("XZ", origin=(0, 30, height)).circle(bore / 2).extrude(60)
result = base.union(wall).union(ring).cut(hole)
