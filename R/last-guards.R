# Loaded after all other files: methods look first whether their object is whole.

guard_methods(environment())
