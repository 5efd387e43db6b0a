# Das allgemeine Verzeichnis der Organisationen.
directory-title = Verzeichnis der { -place-de(form: "many") }
directory-text = Finden Sie, wer wofür zuständig ist. { -place-de(form: "many") }, die nicht mehr aktiv sind, erscheinen nicht.
directory-name = Wörter eines Namens beginnen mit
directory-any = Alle
directory-module = Modul
directory-modules = Module
directory-as = Als
directory-changed = Zuletzt geändert
directory-none = Keine { -place-de } gefunden.
directory-back = Zurück zum Verzeichnis
directory-suspended = { $module } (ausgesetzt)
directory-caption = { $count ->
    [one] 1 { -place-de }
   *[other] { $count } { -place-de(form: "many") }
}
menu-directory = Verzeichnis
