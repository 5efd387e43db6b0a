# Womit sich Clients ausweisen und nach welchen Regeln.

client-security = Sicherheit
client-profile = Regeln für diesen Client
client-profile-hint = FAPI 2.0 verlangt signierte Nachweise und enge Grenzen; das andere ist für alle Übrigen.
client-profile-compat = OpenID Connect
client-profile-fapi2 = FAPI 2.0 Security Profile
client-jwks = Öffentliche Schlüssel (JWK Set)
client-jwks-hint = Ein JSON-Objekt mit einer Liste „keys“; für private_key_jwt. Niemals ein privater Schlüssel.
client-jwks-uri = Adresse seiner öffentlichen Schlüssel
client-jwks-uri-hint = Statt der Schlüssel selbst; https. Wird erneut abgefragt, wenn ein unbekannter Schlüssel signiert, höchstens einmal je Minute.
client-pushed = Autorisierungsanfragen müssen eingereicht werden (PAR)
client-pushed-hint = RFC 9126: die Anwendung reicht ihre Anfrage selbst ein; was nur über einen Browser kommt, wird abgelehnt. In FAPI 2.0 enthalten.
client-error-jwks = Das ist kein JSON
client-error-jwks-missing = private_key_jwt braucht öffentliche Schlüssel oder deren Adresse
client-error-jwks-both = Geben Sie die Schlüssel oder deren Adresse an, nicht beides
client-error-jwks-shape = Das ist kein JSON-Objekt mit einer Liste „keys“
client-error-jwks-many = Höchstens 20 Schlüssel
client-error-jwks-twins = Zwei Schlüssel haben dieselbe „kid“
client-error-jwks-key = Schlüssel { $number } ist kein öffentlicher Schlüssel von EC P-256, Ed25519 oder RSA ab 2048 Bit
client-error-jwks-empty = Keiner dieser Schlüssel ist für Signaturen
client-error-fapi2 = FAPI 2.0 verlangt private_key_jwt
