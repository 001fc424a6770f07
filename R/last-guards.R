# Loaded after all other files: the methods of the fits look first whether the fit is whole.

guard_methods(environment(), c("metaparity", ls(whole_shapes), "metaparity_robust", "metaparity_trimfill"))
