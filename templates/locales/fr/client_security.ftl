# Comment les clients prouvent leur identité, et selon quelles règles.

client-security = Sécurité
client-profile = Règles pour ce client
client-profile-hint = FAPI 2.0 demande des preuves signées et des limites étroites ; l’autre est pour tous les autres.
client-profile-compat = OpenID Connect
client-profile-fapi2 = FAPI 2.0 Security Profile
client-jwks = Clés publiques (JWK Set)
client-jwks-hint = Un objet JSON avec une liste « keys » ; pour private_key_jwt. Jamais une clé privée.
client-jwks-uri = Adresse de ses clés publiques
client-jwks-uri-hint = Au lieu des clés elles-mêmes ; https. Redemandée quand une clé inconnue signe, une fois par minute au plus.
client-pushed = Les demandes d’autorisation doivent être déposées (PAR)
client-pushed-hint = RFC 9126 : l’application dépose elle-même sa demande ; ce qui vient seulement par un navigateur est refusé. FAPI 2.0 l’implique.
client-error-jwks = Ce n’est pas du JSON
client-error-jwks-missing = private_key_jwt demande des clés publiques ou leur adresse
client-error-jwks-both = Donnez les clés ou leur adresse, pas les deux
client-error-jwks-shape = Ce n’est pas un objet JSON avec une liste « keys »
client-error-jwks-many = 20 clés au plus
client-error-jwks-twins = Deux clés ont le même « kid »
client-error-jwks-key = La clé { $number } n’est pas une clé publique EC P-256, Ed25519 ou RSA d’au moins 2048 bits
client-error-jwks-empty = Aucune de ces clés ne sert aux signatures
client-error-fapi2 = FAPI 2.0 demande private_key_jwt
