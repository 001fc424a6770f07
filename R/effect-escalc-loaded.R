# What scripts written for metafor rely on once the package is loaded or attached: data sets of metadat that carry the
# class "escalc" have methods, and metadat is on the search path. metafor, where it is loaded, does the same itself.

escalc_generics <- c("print", "summary", "[", "$<-", "cbind", "rbind", "aggregate")

# metafor's methods for the class it owns win: they are never replaced, and they replace these when it is loaded later,
# without R's message that they do: the environment of these bears its name.
register_escalc_methods <- function() {
  if (isNamespaceLoaded("metafor")) return(invisible())
  own <- topenv()
  stand_in <- new.env(parent = own)
  attr(stand_in, "name") <- "metafor"
  for (generic in escalc_generics) {
    method <- own[[paste0(generic, ".metaparity_escalc")]]
    environment(method) <- stand_in
    registerS3method(generic, "escalc", method, envir = asNamespace("stats"))
  }
}

.onAttach <- function(libname, pkgname) {
  if ("package:metadat" %in% search() || !requireNamespace("metadat", quietly = TRUE)) return(invisible())
  attachNamespace("metadat", pos = match("package:metaparity", search(), 1L) + 1L)
}
