# What the fields of the fits are: types and dimensions (see new_shape()). k: studies used, f: rows of the data, p, q:
# coefficients.

coefficient_shape <- c(
  beta = "!n px1", b = "n px1", se = "!n p", zval = "!n p", pval = "!n p", ci.lb = "!n p", ci.ub = "!n p",
  vb = "!n pxp")
words_shape <- c(measure = "!+c 1", method = "!+c 1", test = "!+c 1", level = "!+N 1", digits = "n *",
                 fit.stats = "!L 2", control = "L *")
rows_shape <- c(not.na = "!+l f", slab = "!v f", ids = "v f", k = "!+N 1", k.f = "!+N =f", k.eff = "n 1",
                k.all = "n 1", slab.null = "l 1")
design_shape <- c(p = "!+N =p", p.eff = "n 1", int.only = "!+l 1", int.incl = "!+l 1", intercept = "l 1",
                  coef.na = "l *", btt = "!+N *", m = "!+N 1", weighted = "!l 1", parms = "!n 1")
omnibus_shape <- c(QE = "n 1", QEp = "n 1", QM = "n 1", QMdf = "n 2", QMp = "n 1", s2w = "n 1", vt = "n 1",
                   ddf = "n *")
estimates_shape <- c(yi = "!+N k", vi = "!+N k", X = "!+N kxp", yi.f = "!N f", vi.f = "!N f", X.f = "!n fxp",
                     ni = "n k", ni.f = "n f")

whole_spec <- new_shape(c(method = "!+c 1", test = "!+c 1", level = "!+N 1", weighted = "!+l 1", int.incl = "!+l 1",
                          tau2 = "n 1", q_centre = "n 1", btt = "N *", bounds = "n *", i2_from_q = "l 1",
                          r2_signed = "l 1"))
whole_input <- new_shape(c(yi = "!n f", vi = "!n f", X = "!n fxp", weights = "n f", ni = "n f", slab = "!v f",
                           ids = "v f", not.na = "!+l f", measure = "!+c 1", int.incl = "!+l 1", int.only = "!+l 1"))

uni_shape <- c(coefficient_shape, words_shape, rows_shape, design_shape, omnibus_shape, estimates_shape, QE = "n 1",
               k = "!+N =k",
               weights = "n k", weights.f = "n f", tau2.fix = "l 1", se.tau2 = "n 1", R2 = "n 1", allvipos = "l 1",
               spec = "!L *", input = "!L *", add = "n *", to = "c *", drop00 = "l *", verbose = ". *")

whole_shapes$metaparity_uni <- new_shape(
  c(uni_shape, tau2 = "!+n 1", I2 = "!n 1", H2 = "!n 1"),
  list(spec = whole_spec, input = whole_input), long_fields)

whole_shapes$metaparity_ls <- new_shape(
  c(uni_shape, tau2 = "!n *", I2 = "n *", H2 = "n *", alpha = "!n qx1", va = "!n qxq", se.alpha = "!n q",
    zval.alpha = "!n q", pval.alpha = "!n q", ci.lb.alpha = "!n q", ci.ub.alpha = "!n q", alpha.fix = "l q",
    q = "!+N =q", link = "!+c 1", Z = "!+N kxq", Z.f = "!n fxq", att = "!+N *", m.alpha = "n 1", QS = "n 1",
    QSdf = "n 2", QSp = "n 1", Z.int.incl = "!+l 1", Z.int.only = "!+l 1", coef.na.Z = "l *", ll = "n 1",
    H = "n *"),
  list(spec = whole_spec, input = whole_input), c(long_fields, "Z"))

whole_shapes$metaparity_selmodel <- new_shape(
  c(uni_shape, tau2 = "!n 1", I2 = "n 1", H2 = "n 1", delta = "!n d", vd = "n dxd", se.delta = "n d",
    zval.delta = "n d", pval.delta = "n d", ci.lb.delta = "n d", ci.ub.delta = "n d", delta.fix = "!l d",
    type = "!+c 1", LRT = "n 1", LRTdf = "n 1", LRTp = "n 1", ll = "n 1", ll0 = "n 1", pvals = "n k",
    selection = "!L *", selected = "L *", steps = "n *", alternative = "!+c 1", decreasing = "l 1"),
  list(spec = whole_spec, input = whole_input), long_fields)

whole_shapes$metaparity_glmm <- new_shape(
  c(coefficient_shape, words_shape, rows_shape, design_shape, QM = "n 1", QMdf = "n 2", QMp = "n 1", ddf = "n *",
    yi = "!n *", vi = "!n *", X = "!+N *", yi.f = "!n f", vi.f = "!n f", X.f = "!n fxp", ni.f = "n *",
    tau2 = "!n 1", se.tau2 = "n 1", sigma2 = "n *", rho = "n 1", I2 = "n 1", H2 = "n 1", QE.Wld = "n 1",
    QEp.Wld = "n 1", QE.LRT = "n 1", QEp.LRT = "n 1", QE.df = "n 1", model = "!+c 1", counts = "!L *", spec = "!L *",
    ll = "n 1", k.yi = "n 1", not.na.yivi = "!+l f", effect = "L *", study = "L *", outdat = "L *", outdat.f = "L *",
    points = "n 1", coding = "n 1", cor = "l 1", hessian = "n *", tau2.fix = "l 1"),
  list(counts = new_shape(c(events1 = "!+N k", size1 = "!+N k", events2 = "+N k", size2 = "+N k", X = "!+N kxp")),
       spec = new_shape(c(measure = "!+c 1", model = "!+c 1", method = "!+c 1", random = "!+l 1", cor = "!+l 1",
                          coding = "!n 1", points = "!n 1", tau2 = "!n 1", test = "!+c 1", level = "!+N 1",
                          btt = "!+N *"))),
  long_fields)

whole_shapes$metaparity_mv <- new_shape(
  c(coefficient_shape, words_shape, rows_shape, design_shape, omnibus_shape, yi = "!+N k", vi = "!+N k",
    X = "!+N kxp", yi.f = "!N f", vi.f = "!N f", X.f = "!n fxp", ni = "n k", ni.f = "n f", sigma2 = "!n *",
    tau2 = "!n *", rho = "!n *", gamma2 = "!n *", phi = "!n *", QEdf = "n 1", V = ". *", W = ". *", M = ". *",
    G = "n *", H = "n *", vc.fix = "!L *", withS = "!+l 1", withG = "!+l 1", withH = "!+l 1", withR = "+l 1",
    formulas = "L *", sigma2s = "n 1", s.names = ". *", g.names = ". *", h.names = ". *", s.nlevels = "n *",
    g.nlevels = "n *", h.nlevels = "n *", struct = "c *", R = ". *", random = ". *", mv = "!L *", spec = "!L *",
    input = "!L *", hessian = "n *"),
  list(mv = new_shape(c(model = "L *", terms = "!L *", options = "!L *")),
       spec = new_shape(c(method = "!+c 1", test = "!+c 1", dfs = ". *", level = "!+N 1", restricted = "!+l 1",
                          vcov = "!+l 1", covariances = "!+l 1", many_starts = "!+l 1", reml_design = "!+l 1"))),
  long_fields)

pooled_shape <- new_shape(
  c(beta = "!n 1", b = "n 1", se = "!n 1", zval = "!n 1", pval = "!n 1", ci.lb = "!n 1", ci.ub = "!n 1",
    vb = "!n 1x1", words_shape, rows_shape, k.yi = "n 1", k.pos = "n 1", tau2 = "!n 1", I2 = "n 1", H2 = "n 1",
    QE = "!n 1", QEp = "!n 1", CO = "n 1", COp = "n 1", MH = "n 1", MHp = "n 1", BD = "n 1", BDp = "n 1", TA = "n 1",
    TAp = "n 1", yi = "!n k", vi = "!n k", yi.f = "!n f", vi.f = "!n f", X.f = "!n fx1", weights = "!n *",
    outdat = "!L *", outdat.f = "!L *", ni = "n *", ni.f = "n f", not.na.yivi = "!+l f", add = "!n *", to = "!c *",
    drop00 = "!l *", correct = "l *", spec = "!L *", input = "!L *", p = "n 1", int.only = "l 1", parms = "n 1",
    btt = "n *", weighted = "l 1", ddf = "n *"), may_lack = long_fields)
whole_shapes$metaparity_mh <- pooled_shape
whole_shapes$metaparity_peto <- pooled_shape

whole_shapes$metaparity_dta <- new_shape(
  c(coefficient_shape, words_shape, rows_shape, p = "!+N =p", tau2 = "!n 2", cov = "!n 1", rho = "!n 1",
    covariance = "!n *", p.sides = "!n 2", intercepts = "!l 2", counts = "!L *", counts.f = "!L *", effects = "L *",
    spec = "!L *", ll = "n 1", points = "n 1", parms = "!n 1", btt = "n *", int.only = "l 1"),
  list(counts = new_shape(c(tp = "!+N k", fp = "!+N k", fn = "!+N k", tn = "!+N k", X.sens = "!+N kxs",
                            X.spec = "!+N kxt")),
       counts.f = new_shape(c(tp = "!n f", fp = "!n f", fn = "!n f", tn = "!n f")),
       spec = new_shape(c(struct = "!+c 1", points = "!n 1", level = "!+N 1", n = "!+N 1"))))

whole_shapes$metaparity_subgroup <- new_shape(
  c(overall = "!f *", groups = "!g *", between = "!L *", by = "v *", by_name = "!+c 1", k = "+N 1", measure = "!+c 1",
    method = "!+c 1", level = "!+N 1", digits = "n *"))
