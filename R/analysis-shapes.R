# What the fields of the results of analyses are (see new_shape()).

local({
  columns <- c("estimate", "se", "zval", "pval", "ci.lb", "ci.ub", "Q", "Qp", "tau2", "I2", "H2", "pred", "pi.lb",
               "pi.ub", "cr.lb", "cr.ub", "resid", "z")
  whole_shapes$metaparity_list <- new_shape(c(slab = "!v k~", stats::setNames(rep("n k~", length(columns)), columns),
                                              digits = "n *", transf = "l *", measure = "c *", level = "n *"))
  whole_shapes$metaparity_influence <- kinds_shape("!L" = "inf dfbs", n = "ids tau2 QE k p m digits",
                                                   l = "is.infl not.na")
  whole_shapes$metaparity_anova <- kinds_shape(
    n = paste("QM QMdf QMp btt k p m digits fit.stats.f fit.stats.r parms.f parms.r LRT pval QE.f QE.r tau2.f tau2.r",
              "R2 Xb se zval ddf QS QSdf QSp att q"), c = "test type class method class.f part", L = "hyp")
  permuted <- c(n = paste("pval QMdf QMp beta se zval ci.lb ci.ub QM k p btt m dfs ddf digits exact.iter QM.perm level",
                          "alpha se.alpha zval.alpha ci.lb.alpha ci.ub.alpha QS QSdf q m.alpha ddf.alpha att QSp",
                          "Z.exact.iter pval.alpha QS.perm"),
                c = "test alternative p2defn stat", L = "zval.perm beta.perm zval.alpha.perm alpha.perm control",
                l = "int.only int.incl permci skip.beta skip.alpha Z.int.only Z.int.incl")
  whole_shapes$metaparity_permutest <- whole_shapes$metaparity_permutest_ls <- kinds_shape(permuted)
  whole_shapes$metaparity_gosh <- kinds_shape("!L" = "res", l = "incl fit int.only", c = "method measure",
                                              n = "k digits summary")
  whole_shapes$metaparity_regtest <- kinds_shape(c = "model predictor",
                                                 n = "zval pval dfs ddf est ci.lb ci.ub digits dropped",
                                                 l = "ret.fit", L = "fit")
  whole_shapes$metaparity_ranktest <- kinds_shape(n = "tau pval digits k score dropped", l = "exact")
  whole_shapes$metaparity_fsn <- kinds_shape(
    c = "type ub.sign", n = "fsnum est tau2 meanes pval alpha target est.fsn tau2.fsn pval.fsn digits")
  whole_shapes$metaparity_tes <- kinds_shape(
    n = "k O E OEratio X2 pval power theta theta.lim tes.alpha digits", c = "test tes.alternative", l = "sig")
  whole_shapes$metaparity_hc <- kinds_shape(
    n = "beta se ci.lb ci.ub beta.rma se.rma ci.lb.rma ci.ub.rma tau2 tau2.rma digits", c = "method method.rma")
  whole_shapes$metaparity_hettest <- kinds_shape(n = "statistic df pval iter tau2i digits statistic.boot",
                                                 c = "method test", l = "boot")
  whole_shapes$metaparity_confint <- kinds_shape(n = "random fixed digits tau2.min", l = "ci.null",
                                                 c = "lb.sign ub.sign")
  whole_shapes$metaparity_profile <- kinds_shape(n = "tau2 sigma2 ll comps xlim ylim maxll I2 H2",
                                                 L = "beta ci.lb ci.ub", c = "method")
  whole_shapes$metaparity_deltamethod <- kinds_shape("!L" = "tab", n = "vcov order level H0 digits", c = "test")
  whole_shapes$metaparity_matreg <- kinds_shape(
    "!L" = "tab", n = "vb R2 R2adj F Fdf Fp p df.residual sigma2.ml sigma2.reml nobs parms deviance digits level",
    L = "fit.stats", c = "test", l = "intercept")
})
