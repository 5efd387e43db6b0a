# Das allgemeine Verzeichnis der Organisationen.
directory-title = Verzeichnis der Organisationen
directory-text = Finden Sie, wer wofür zuständig ist. Organisationen, die nicht mehr aktiv sind, erscheinen nicht.
directory-name = Wörter eines Namens beginnen mit
directory-any = Alle
directory-module = Modul
directory-modules = Module
directory-as = Als
directory-changed = Zuletzt geändert
directory-none = Keine Organisation gefunden.
directory-back = Zurück zum Verzeichnis
directory-suspended = { $module } (ausgesetzt)
directory-caption = { $count ->
    [one] 1 Organisation
   *[other] { $count } Organisationen
}
menu-directory = Verzeichnis
