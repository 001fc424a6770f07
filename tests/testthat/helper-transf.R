# Arguments that a function takes beside xi, for grids.
transf_more <- list(pft = list(ni = 23), ipft = list(ni = 23), ipft.hm = list(targs = list(ni = c(5, 20, 41))),
                    irft = list(ti = 7),
                    iirft = list(ti = 7), dtomd = list(targs = 12.5), lnortord = list(pc = 0.3),
                    lnortorr = list(pc = 0.3))

transf_names <- function() names(metaparity:::transf_table)

# Points inside the domain, whatever the function.
transf_grid <- function(name) {
  unit <- c(0.001, 0.02, 0.1, 0.35, 0.5, 0.77, 0.95, 0.999)
  inside <- c("logit", "probit", "arcsin", "pft", "irft", "clestod", "r2toz", "rtoz", "rpbtod", "rtod", "ahw", "abt")
  if (name == "rtod") unit * 0.79 else if (name %in% inside) unit else c(-3.1, -1, -0.2, 0, 0.05, 0.4, 0.8, 1.3, 2.6)
}
