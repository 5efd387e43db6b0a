# Eine Behörde mit ihrem ersten Benutzer anlegen.
register-title = Behörde anlegen
register-text = Eine Behörde wird einmal angelegt. Suchen Sie zuerst; wenn es sie gibt, legen Sie sie nicht noch einmal an.
register-look-first = Geben Sie den Namen der Behörde ein.
register-none = Keine Ebene, die Sie sehen, heißt ähnlich. Legen Sie sie selbst an oder laden Sie sie dazu ein.
register-yourself = Selbst anlegen
register-invite = Zur Registrierung einladen
register-step = Schritt 1 von 2: die Behörde und ihr erster Benutzer. In Schritt 2 geben Sie ihr Zugang zu ihren Modulen.
register-save = Anlegen
done-authority-registered = Die Behörde und ihr erster Benutzer sind angelegt. Geben Sie ihr als Nächstes Zugang zu ihren Modulen.
