# Enregistrer une autorité avec son premier utilisateur.
register-title = Enregistrer une autorité
register-text = Une autorité est enregistrée une seule fois. Cherchez-la d’abord ; si elle existe, ne l’enregistrez pas de nouveau.
register-look-first = Saisissez le nom de l’autorité.
register-none = Aucun niveau que vous voyez ne porte un nom similaire. Enregistrez-la vous-même ou invitez-la à le faire.
register-yourself = L’enregistrer vous-même
register-invite = L’inviter à s’enregistrer
register-step = Étape 1 sur 2 : l’autorité et son premier utilisateur. À l’étape 2, vous lui donnez accès à ses modules.
register-save = Enregistrer
done-authority-registered = L’autorité et son premier utilisateur sont enregistrés. Donnez-lui ensuite accès à ses modules.
