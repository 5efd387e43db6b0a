# The general directory of organisations.
directory-title = Directory of { -place-en(form: "many") }
directory-text = Find who is responsible for what. { -place-en(form: "Many") } that are no longer active are not shown.
directory-name = Words of a name begin with
directory-any = Any
directory-module = Module
directory-modules = Modules
directory-as = As
directory-changed = Last changed
directory-none = No { -place-en } matches.
directory-back = Back to the directory
directory-suspended = { $module } (suspended)
directory-caption = { $count ->
    [one] 1 { -place-en }
   *[other] { $count } { -place-en(form: "many") }
}
menu-directory = Directory
