# How clients prove themselves, and by which rules.

client-security = Security
client-profile = Rules for this client
client-profile-hint = FAPI 2.0 asks for signed proofs and narrow limits; the other is for everybody else.
client-profile-compat = OpenID Connect
client-profile-fapi2 = FAPI 2.0 Security Profile
client-jwks = Public keys (JWK Set)
client-jwks-hint = A JSON object with a list “keys”; for private_key_jwt. Never a private key.
client-jwks-uri = Address of its public keys
client-jwks-uri-hint = Instead of the keys themselves; https. Asked again when an unknown key signs, once a minute at most.
client-pushed = Authorization requests must be pushed
client-pushed-hint = RFC 9126: the application brings its request itself; what comes by a browser alone is refused. FAPI 2.0 implies it.
client-error-jwks = This is not JSON
client-error-jwks-missing = private_key_jwt needs public keys, or their address
client-error-jwks-both = Give the keys or their address, not both
client-error-jwks-shape = This is not a JSON object with a list “keys”
client-error-jwks-many = At most 20 keys
client-error-jwks-twins = Two keys have the same “kid”
client-error-jwks-key = Key { $number } is not a public key of EC P-256, Ed25519 or RSA from 2048 bits
client-error-jwks-empty = None of these keys is for signatures
client-error-fapi2 = FAPI 2.0 asks for private_key_jwt
