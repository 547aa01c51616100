package cdkx

// BindsQuickly is whether constructs are bound to their objects in the quick way.
var BindsQuickly = bindsQuickly
