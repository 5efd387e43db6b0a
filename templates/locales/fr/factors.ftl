# Clés d’accès, applications d’authentification, codes de secours.
channel-app = Application d’authentification : aucun code n’est envoyé
passkeys-title = Clés d’accès et clés de sécurité
passkeys-text = Connectez-vous avec votre empreinte, votre visage ou le code de votre appareil, sans mot de passe ni code. Une clé d’accès ne fonctionne que sur ce site : personne ne peut vous la soutirer.
passkey-new = Ajouter une clé d’accès
passkey-title = Ajouter une clé d’accès
passkey-text = Votre appareil demande votre empreinte, votre visage ou votre code et conserve la clé d’accès. Une clé de sécurité convient aussi.
passkey-script = Cela nécessite JavaScript, car les navigateurs n’offrent les clés d’accès qu’aux scripts. Sans JavaScript, utilisez une application d’authentification.
passkey-create = Créer la clé d’accès
passkey-name-first = Ma clé d’accès
passkey-stopped = Aucune clé d’accès n’a été utilisée. L’opération a été annulée, a duré trop longtemps, ou cet appareil n’en a pas pour ce site.
passkey-wrong = La réponse de l’appareil n’était pas correcte ou est arrivée trop tard. Réessayez
passkey-known = Cette clé d’accès est déjà enregistrée
passkey-copies = Copies
passkey-synced = Elle peut être copiée sur vos autres appareils
passkey-bound = Elle reste sur un seul appareil
apps-title = Applications d’authentification
apps-text = Une application sur votre téléphone ou ordinateur affiche un nouveau code toutes les trente secondes, même sans réseau.
app-new = Ajouter une application d’authentification
app-title = Ajouter une application d’authentification
app-text = Utilisez n’importe quelle application de codes temporels (TOTP).
app-scan = Dans l’application, ajoutez un compte et scannez cette image.
app-picture = Code QR contenant la clé pour votre application ; la même clé est écrite ci-dessous
app-type = Si vous ne pouvez pas le scanner, saisissez cette clé :
app-open = Ouvrir dans une application de cet appareil
app-enter = Saisissez le code que l’application affiche maintenant.
app-name-first = Mon téléphone
app-code = Code de l’application
app-code-hint = 6 chiffres
app-wrong = Le code n’est pas correct. Vérifiez l’heure de votre appareil et saisissez le code affiché maintenant
app-over = La clé n’a pas été utilisée à temps ou son code était trop souvent faux. Recommencez.
app-finish = Terminer
factor-title = Moyen de connexion
factor-name = Nom
factor-name-hint = Auquel vous le reconnaissez
factor-added = Ajouté
factor-used = Dernière utilisation
factor-added-on = ajouté le { $day }
factor-used-on = dernière utilisation { $moment }
factor-never-used = pas encore utilisé
factor-remove = Supprimer
factor-remove-text = Il ne pourra plus servir à se connecter. Supprimez sans attendre ce qui est perdu.
factor-step-up = Avant de le supprimer, confirmez que c’est bien vous.
factor-last = C’est le dernier moyen de connexion de votre compte. Ajoutez-en d’abord un autre
factors-many = Vous en avez autant que possible. Supprimez-en d’abord un.
recovery-codes-title = Codes de secours
recovery-codes-text = Chacun remplace une fois le code par téléphone ou par application, quand vous avez perdu les deux.
recovery-codes-none = Vous n’en avez pas.
recovery-codes-left = Il vous en reste { $left } sur { $count }, créés le { $made }.
recovery-codes-new = Créer de nouveaux codes de secours
recovery-codes-once = Imprimez ces codes ou conservez-les en lieu sûr. Ils ne sont affichés que maintenant ; les anciens ne valent plus. Chacun vaut une fois.
recovery-codes-file = Télécharger en fichier texte
recovery-codes-kept = Je les ai conservés
done-app-added = L’application d’authentification a été ajoutée. Désormais la connexion demande son code.
done-passkey-added = La clé d’accès a été ajoutée. Vous pouvez désormais vous connecter avec elle.
done-factor-renamed = Le nom a été enregistré.
done-factor-removed = Le moyen de connexion a été supprimé.
login-passkey = Se connecter avec une clé d’accès
login-passkey-refused = Cette clé d’accès ne permet pas de se connecter. Utilisez un autre moyen.
login-passkey-unknown = Cette clé d’accès n’est pas connue ici ou a été supprimée. Utilisez un autre moyen.
login-passkey-over = La page est restée ouverte trop longtemps. Réessayez.
otp-other = Utilisez-vous une application d’authentification ? Saisissez alors le code qu’elle affiche ; si vous l’avez utilisée en dernier, aucun n’est envoyé. Un code de secours convient aussi.
otp-code-hint-any = 6 chiffres, ou les 12 chiffres d’un code de secours
otp-lead-app = Saisissez le code que votre application d’authentification affiche.
message-factor-added-subject = Un moyen de connexion au { $service } a été ajouté
message-factor-added-text =
    Bonjour { $name },

    « { $factor } » permet désormais de se connecter à votre compte sur le { $service }.

    Si vous n’en savez rien, supprimez-le sans attendre et changez votre mot de passe : { $link }
message-factor-removed-subject = Un moyen de connexion au { $service } a été supprimé
message-factor-removed-text =
    Bonjour { $name },

    « { $factor } » ne permet plus de se connecter à votre compte sur le { $service }.

    Si vous n’en savez rien, prévenez sans attendre votre administrateur. Vos moyens de connexion : { $link }
message-factors-taken-subject = Vos moyens de connexion au { $service } ont été retirés
message-factors-taken-text =
    Bonjour { $name },

    Un administrateur a retiré toutes les applications d’authentification, clés d’accès et codes de secours de votre compte sur le { $service }, et vous avez été déconnecté. Vous vous connectez avec votre mot de passe et un code envoyé à votre téléphone, et pouvez alors en ajouter de nouveaux : { $link }

    Si vous ne l’avez pas demandé, prévenez immédiatement votre administrateur.
message-recovery-codes-made-subject = Nouveaux codes de secours pour le { $service }
message-recovery-codes-made-text =
    Bonjour { $name },

    de nouveaux codes de secours ont été créés pour votre compte sur le { $service } ; les anciens ne valent plus.

    Si vous n’en savez rien, changez sans attendre votre mot de passe : { $link }
message-recovery-code-used-subject = Un code de secours a été utilisé sur le { $service }
message-recovery-code-used-text =
    Bonjour { $name },

    un code de secours de votre compte sur le { $service } a été utilisé. Il en reste { $left }.

    Si ce n’était pas vous, changez votre mot de passe et créez de nouveaux codes sans attendre : { $link }
link-lead-app = Pour votre sécurité, nous demandons aussi un code : celui que votre application d’authentification affiche.
strength-reminder-app = Votre rôle { $role } n’a d’effet que si vous vous connectez avec une application d’authentification ou une clé d’accès.
strength-reminder-passkey = Votre rôle { $role } n’a d’effet que si vous vous connectez avec une clé d’accès.
strength-add = Moyens de connexion
nudge-passkey = Avec une clé d’accès, vous vous connectez sans attendre de code.
nudge-app = Avec une application d’authentification, vous vous connectez sans attendre de message.
step-up-passkey = Confirmer avec une clé d’accès
message-device-remembered-subject = Le { $service } ne demandera plus de code dans un navigateur
message-device-remembered-text =
    Bonjour { $name },

    après une connexion avec les deux facteurs, il a été choisi de ne plus demander de code pour votre compte auprès du { $service } dans ce navigateur pendant { $lasts }. Le mot de passe reste demandé.

    Si ce n’était pas vous, changez aussitôt votre mot de passe, ce qui y met fin, et examinez vos sessions : { $link }
