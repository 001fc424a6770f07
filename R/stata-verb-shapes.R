# What the fields of every view in Stata's terms are (see new_shape()).

whole_shapes$stata_view <- kinds_shape("!L" = "r table options", L = "studies meta network pool reg")
