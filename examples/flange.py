# A pipe flange drawn as a sketch: a ring with bolt holes on a circle, a raised face and a chamfered rim.
import cadquery as cq

outer = 90.0        # diameter of the flange
bore = 40.0         # of the pipe
bolt_circle = 68.0  # diameter on which the bolts stand
bolts = 6
bolt_hole = 9.0
thickness = 12.0
raised = 2.0        # height of the sealing face

ring = (
    cq.Sketch()
    .circle(outer / 2)
    .circle(bore / 2, mode="s")
    .parray(bolt_circle / 2, 0, 360, bolts)
    .circle(bolt_hole / 2, mode="s")
    .reset()
)
face = cq.Sketch().circle(bolt_circle / 2 - bolt_hole).circle(bore / 2, mode="s")

result = (
    cq.Workplane("XY")
    .placeSketch(ring)
    .extrude(thickness)
    .faces(">Z")
    .workplane()
    .placeSketch(face)
    .extrude(raised)
    .faces("<Z")
    .edges("%CIRCLE")
    .edges(cq.selectors.RadiusNthSelector(-1))
    .chamfer(1.5)
)
