# Eine Behörde mit ihrem ersten Benutzer anlegen.
register-title = { -place-de } registrieren
register-text = Eine { -place-de } wird einmal angelegt. Suchen Sie zuerst; wenn es sie gibt, legen Sie sie nicht noch einmal an.
register-look-first = Geben Sie den Namen der { -place-de } ein.
register-none = Keine { -place-de }, die Sie sehen, heißt ähnlich. Legen Sie sie selbst an oder laden Sie sie dazu ein.
register-yourself = Selbst anlegen
register-invite = Zur Registrierung einladen
register-step = Schritt 1 von 2: die { -place-de } und ihr erster Benutzer. In Schritt 2 geben Sie ihr Zugang zu ihren Modulen.
register-save = Anlegen
done-authority-registered = Die { -place-de } und ihr erster Benutzer sind angelegt. Geben Sie ihr als Nächstes Zugang zu ihren Modulen.
