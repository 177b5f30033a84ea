# What a model trained on CAD-Recode's data answers with: bodies of sketches, boxes and cylinders on three planes,
# joined by union. The numbers are integers, the part is centred and 200 long.
import cadquery as cq
w0=cq.Workplane('XY',origin=(0,0,-20))
w1=cq.Workplane('YZ',origin=(60,0,0))
r=w0.sketch().segment((-100,-40),(60,-40)).segment((60,40)).segment((-100,40)).close().assemble().push([(-60,0)]).circle(20,mode='s').finalize().extrude(30).union(w1.sketch().segment((-40,-20),(40,-20)).arc((0,60),(-40,-20)).assemble().push([(0,10)]).rect(24,16,mode='s').finalize().extrude(40)).union(w0.workplane(offset=30/2).moveTo(-60,0).cylinder(30,12))
