# An angle bracket: two plates, a rib between them, screw holes and a rounded back.
# Change the parameters and run it again:
#   cadrecode exec examples/bracket.py -o bracket.step
import cadquery as cq

width = 40.0       # along X
depth = 50.0       # of the foot, along Y
height = 60.0      # of the wall, along Z
thickness = 6.0    # of both plates
hole = 5.5         # clearance of an M5 screw
margin = 10.0      # from a plate's edge to the centre of a hole
bend = 5.0         # radius of the outer edge where the plates meet

# The side view, drawn in the YZ plane and pulled along X.
profile = (
    cq.Workplane("YZ")
    .moveTo(0, 0)
    .lineTo(depth, 0)
    .lineTo(depth, thickness)
    .lineTo(thickness, thickness)
    .lineTo(thickness, height)
    .lineTo(0, height)
    .close()
)
plates = profile.extrude(width / 2, both=True)

# A triangular rib in the middle keeps the plates at a right angle. It reaches a little into both of them.
rib = (
    cq.Workplane("YZ")
    .polyline([(thickness / 2, thickness / 2), (depth * 0.6, thickness / 2), (thickness / 2, height * 0.6)])
    .close()
    .extrude(thickness / 2, both=True)
)

body = plates.union(rib)
body = body.edges("|X and <Y and <Z").fillet(bend)


def screw_positions(length):
    """Two holes across the width, near the free end of a plate of this length."""
    x = width / 2 - margin
    return [(side * x, length - margin) for side in (-1, 1)]


foot_holes = cq.Workplane("XY").pushPoints(screw_positions(depth)).circle(hole / 2).extrude(thickness)
wall_holes = cq.Workplane("XZ").pushPoints(screw_positions(height)).circle(hole / 2).extrude(-thickness)

result = body.cut(foot_holes).cut(wall_holes)
print(f"{result.faces().size()} faces, {result.val().Volume() / 1000:.2f} cm3")
