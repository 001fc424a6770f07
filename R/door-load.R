# What happens when the package is loaded: knitr's hooks, methods for classes of metafor, the hook that gives back
# margins.

.onLoad <- function(libname, pkgname) {
  assign("tau2_methods", cpp_tau2_methods(), envir = topenv())
  if (isNamespaceLoaded("knitr")) install_knitr_hook()
  setHook(packageEvent("knitr", "onLoad"), install_knitr_hook)
  register_stata_engine()
  register_escalc_methods()
  if (isNamespaceLoaded("flextable")) register_flextable_methods()
  setHook(packageEvent("flextable", "onLoad"), register_flextable_methods)
  if (isNamespaceLoaded("insight")) register_insight_methods()
  setHook(packageEvent("insight", "onLoad"), register_insight_methods)
  setHook("before.plot.new", return_margins)
}
