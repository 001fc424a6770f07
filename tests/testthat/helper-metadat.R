# The data sets of metadat with raw data, brought to the column names of escalc(). A data set that
# metadat lacks is an error, so that no test runs on nothing.

metadat_columns <- function(rows) {
  parts <- strsplit(trimws(strsplit(trimws(rows), "\n")[[1L]]), "[ ]+")
  stats::setNames(lapply(parts, `[`, -1L), vapply(parts, `[`, "", 1L))
}

metadat_tables <- metadat_columns("
  dat.anand1999 ai n1i ci n2i
  dat.axfors2021 hcq_arm_event hcq_arm_total control_arm_event control_arm_total
  dat.bcg tpos tpos+tneg cpos cpos+cneg
  dat.bornmann2007 waward wtotal maward mtotal
  dat.chiarito2020 p2y12.mi p2y12.total aspirin.mi aspirin.total
  dat.colditz1994 tpos tpos+tneg cpos cpos+cneg
  dat.collins1985a b.xti nti b.xci nci
  dat.collins1985b pre.xti pre.nti pre.xci pre.nci
  dat.egger2001 ai n1i ci n2i
  dat.fine1993 e1i nei c1i nci
  dat.gibson2002 ai ai+bi ci ci+di
  dat.graves2010 ai n1i ci n2i
  dat.hahn2001 ai n1i ci n2i
  dat.hart1999 x1i n1i x2i n2i
  dat.higgins2008 resp.halo resp.halo+fail.halo resp.plac resp.plac+fail.plac
  dat.hine1989 ai n1i ci n2i
  dat.laopaiboon2015 ai n1i ci n2i
  dat.lau1992 ai n1i ci n2i
  dat.lee2004 ai n1i ci n2i
  dat.li2007 ai n1i ci n2i
  dat.linde2005 ai n1i ci n2i
  dat.nielweise2007 ai n1i ci n2i
  dat.nissen2007 treat.infarction treat.total cont.infarction cont.total
  dat.thompson1999 ihd.exp ihd.exp+noihd.exp ihd.cont ihd.cont+noihd.cont
  dat.vanhowe1999 cir.pos cir.pos+cir.neg non.pos non.pos+non.neg
  dat.yusuf1985 ai n1i ci n2i")

metadat_means <- metadat_columns("
  dat.curtis1998 n1i n2i m1i m2i sd1i sd2i
  dat.dagostino1998 tnt tnc mt mc sdt sdc
  dat.franchini2012 n1 n2 y1 y2 sd1 sd2
  dat.gibson2002 n1i n2i m1i m2i sd1i sd2i
  dat.michael2013 Brain_n No_brain_n Brain_m No_brain_m Brain_s No_brain_s
  dat.normand1999 n1i n2i m1i m2i sd1i sd2i
  dat.stowe2010 n1 n2 y1 y2 sd1 sd2")

metadat_proportions <- metadat_columns("
  dat.debruin2009 xi ni
  dat.hannum2020 xi ni
  dat.hasselblad1998 xi ni
  dat.pagliaro1992 xi ni
  dat.pritz1997 xi ni
  dat.roever2022 events total
  dat.ursino2021 events total")

metadat_rates <- metadat_columns("
  dat.hart1999 x1i x2i t1i t2i
  dat.nielweise2008 x1i x2i t1i t2i")

# A list of data sets, each a list of numeric columns called `names`.
read_metadat <- function(table, names) {
  skip_if_not_installed("metadat")
  held <- new.env()
  utils::data(list = names(table), package = "metadat", envir = held)
  lapply(stats::setNames(nm = names(table)), function(set) {
    columns <- lapply(table[[set]], function(e) as.numeric(eval(parse(text = e), held[[set]])))
    stats::setNames(columns, names)
  })
}
