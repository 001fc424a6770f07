# Stata's schemes of graphs. Source: Stata's Graphics manual, schemes intro.

stcolor_colours <- c("#1A85FF", "#D41159", "#00BF7F", "#FFD400", "#404040", "#8C4DE6", "#00A8A8", "#FF8000")
mono_colours <- c("#000000", "#606060", "#909090", "#404040", "#B0B0B0", "#707070")

scheme_style <- function(name) {
  base <- scatter_style_stata()
  plain <- list(page = "white", grid_col = "#E0E0E0", text_col = "black")
  switch(c(name, "s2color")[1L],
    s2color = , s2color8 = base, s2gcolor = base,
    s1color = , s1rcolor = utils::modifyList(base, list(page = "white", grid_col = NA, text_col = "black",
                                                        frame = "box"), keep.null = TRUE),
    s2mono = utils::modifyList(base, list(page = "#F0F0F0", group_col = mono_colours, point_col = "black",
                                          text_col = "black")),
    s1mono = , sj = , s2manual = , s1manual = utils::modifyList(base,
                                                                c(plain,
                                                                  list(group_col = mono_colours, point_col = "black"))),
    stcolor = , stcolor_alt = , stgcolor = utils::modifyList(base,
                                                             c(plain,
                                                               list(group_col = stcolor_colours,
                                                                    point_col = stcolor_colours[1L],
                                                                  group_pch = rep(19, 8L)))),
    plotplain = , plotplainblind = , plottig = , plottigblind = , cleanplots = , lean1 = , lean2 = , tufte = ,
      rbn1mono = ,
    white_tableau = , white_viridis = , white_jet = , white_w3d = , white_cividis = , tab2 = , burd = , burd4 = ,
      mrc = ,
    uncluttered = , sjplain = , white = , aspen = , swift_red = , modern = , s1manualx = utils::modifyList(base,
                                                                   c(plain, list(frame = "L"))),
    economist = , vg_s2c = utils::modifyList(base, list(page = "#D5E4EB", panel = "#D5E4EB", grid_col = "white",
      text_col = "black")),
    stmono1 = , stmono2 = utils::modifyList(base, c(plain, list(group_col = mono_colours, point_col = "black"))),
    {
      warn_input("scheme", sprintf("%s is not known here; s2color is drawn", dQuote(name, FALSE)))
      base
    })
}
