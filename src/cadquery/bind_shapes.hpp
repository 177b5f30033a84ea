// What the binding files of the shape classes share.
#pragma once

#include "cadquery/bind.hpp"

namespace cadrecode::cadquery {

// Each adds one group of methods to a class.
void bindShapeQueries(script::Class& cls);       // bind_shape_queries.cpp: topology, measures, names
void bindShapeMoves(script::Class& cls);         // bind_shape_moves.cpp: transformations and places
void bindCurveMethods(script::Class& cls);       // bind_curves.cpp: Mixin1D
void bindEdge(script::Class& cls);               // bind_curves.cpp
void bindWire(script::Class& cls);               // bind_wires.cpp
void bindFace(script::Class& cls);               // bind_faces.cpp
void bindSolidFeatures(script::Class& cls);      // bind_features.cpp: Mixin3D
void bindSolid(script::Class& cls);              // bind_solids.cpp
void bindSolidSweeps(script::Class& cls);        // bind_solid_sweeps.cpp
void bindFreeFunctions(script::Module& module);  // bind_free_functions.cpp

inline Shape& shapeOf(const script::Arguments& a) { return script::unwrap<Shape>(a[0]); }

// A wire, face, ... among the arguments; DispatchError, as the class is what CadQuery chooses the method by.
bool isShapeClass(const script::Value& value, TopAbs_ShapeEnum kind);
std::vector<Wire> toWires(const script::Value& list);
// Whether a value is a list whose first item (all that multimethod looks at) is of a class.
bool isListOf(const script::Value& value, TopAbs_ShapeEnum kind);
// The items of *args.
std::vector<script::Value> restOf(const script::Value& tuple);

}  // namespace cadrecode::cadquery
