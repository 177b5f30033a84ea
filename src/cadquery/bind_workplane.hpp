// What the files that bind Workplane share: conversions of stack items and arguments, and the parts of the class.
// One thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cadquery/bind.hpp"
#include "cadquery/workplane.hpp"

namespace cadrecode::cadquery {

// Items of a stack. A value that is no vector, location, shape or sketch is kept as it is.
script::Value itemValue(const Item& item);
Item itemFrom(const script::Value& value);
std::vector<script::Value> itemValues(const Items& items);
Items itemsFrom(const script::Value& iterable);

// The list of a step's objects and its plane as scripts see them: the same object every time, and what a script
// changes in them is taken over before the next call of any Workplane.
script::Value objectsValue(const Workplane& workplane);
script::Value planeValue(const Workplane& workplane);
void takeOverChanges();

const Workplane& selfOf(const script::Arguments& a);
// Null for other values.
const Workplane* tryWorkplane(const script::Value& value);
const Workplane& toWorkplane(const script::Value& value);
// `self` again when the step is the same, else an object of the same class. A script's subclass is called to make it,
// as CadQuery does: with the plane where there is a new one.
script::Value give(const script::Value& self, const Workplane& workplane, bool newPlane = false);
inline script::Value give(const script::Arguments& a, const Workplane& workplane) { return give(a.self(), workplane); }

// Arguments; `name` is the parameter's, for the TypeError "Workplane.box(): length must be a number, not str".
double number(const script::Arguments& a, std::size_t index, const char* name);
std::optional<double> numberOrNone(const script::Arguments& a, std::size_t index, const char* name);
int count(const script::Arguments& a, std::size_t index);  // an int that fits the kernel's
std::string textOrEmpty(const script::Value& value);       // None and other false values: empty
Combine combineFrom(const script::Value& value);
Centered centeredFrom(const script::Value& value, int axes);
// As Plane.toWorldCoords takes points: a Vector or any sequence of two or three numbers.
Vector planePoint(const script::Value& value);
std::vector<Vector> planePoints(const script::Value& iterable);
std::string typeText(const script::Value& value);  // "<class 'int'>"

// The parts of the class, by subject.
void bindWorkplaneStack(script::Class& cls);
void bindWorkplaneSelection(script::Class& cls);
void bindWorkplanePlane(script::Class& cls);
void bindWorkplaneDrawing(script::Class& cls);
void bindWorkplaneCurves(script::Class& cls);
void bindWorkplanePatterns(script::Class& cls);
void bindWorkplaneSolids(script::Class& cls);
void bindWorkplaneFeatures(script::Class& cls);
void bindWorkplaneBooleans(script::Class& cls);
script::Class* bindWorkplaneContext(script::Interpreter& interpreter);
script::Value contextValue(const Workplane& workplane);

}  // namespace cadrecode::cadquery
