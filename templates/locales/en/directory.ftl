# The general directory of organisations.
directory-title = Directory of organisations
directory-text = Find who is responsible for what. Organisations that are no longer active are not shown.
directory-name = Words of a name begin with
directory-any = Any
directory-module = Module
directory-modules = Modules
directory-as = As
directory-changed = Last changed
directory-none = No organisation matches.
directory-back = Back to the directory
directory-suspended = { $module } (suspended)
directory-caption = { $count ->
    [one] 1 organisation
   *[other] { $count } organisations
}
menu-directory = Directory
