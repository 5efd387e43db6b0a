# Layout, notices and words used on every page.
skip-to-content = Aller au contenu principal
brand = Portail d’identité
menu-label = Menu principal
menu-apps = Mes applications
menu-users = Utilisateurs
menu-scope = Mon périmètre
menu-levels = { -place-fr(form: "Many") }
menu-applications = Applications
menu-services = Services
menu-clients = Clients OIDC
menu-audit = Journal d’audit
menu-account = Mon compte
menu-profile = Profil
menu-security = Sécurité
menu-sessions = Sessions
menu-tokens = Jetons
menu-history = Historique
menu-access = Mes accès
menu-data = Vos données
sign-out = Se déconnecter
signed-in-as = Connecté en tant que
language = Langue
footer-help = Aide et contact
footer-privacy = Confidentialité
footer-accessibility = Déclaration d’accessibilité
footer-terms = Conditions d’utilisation
dev-banner = Mode développement. Rien ici n’est réel ; les messages sont affichés sur une page au lieu d’être envoyés.
dev-messages = Afficher les messages
problem-title = Il y a un problème
save = Enregistrer
cancel = Annuler
back = Retour
search = Rechercher
reset = Réinitialiser
edit = Modifier
view = Voir
delete = Supprimer
yes = Oui
no = Non
none = Aucun
any = Tous
optional = facultatif
never = Jamais
page-previous = Précédent
page-next = Suivant
page-range = { $from } à { $to } sur { $total }
page-size = Lignes par page
pages-label = Pages
required-hint = Tous les champs sont obligatoires, sauf ceux marqués comme facultatifs.
changed-meanwhile = Quelqu’un d’autre a modifié ces données entre-temps. Vous voyez maintenant leur dernier état ; veuillez refaire votre modification.
count-users = { $count ->
    [one] { $count } utilisateur
   *[other] { $count } utilisateurs
}

# Errors of fields
error-empty = Remplissez le champ « { $field } »
error-too-long = « { $field } » est trop long
error-character = « { $field } » contient un caractère non autorisé
error-web-address = « { $field } » ne doit pas contenir d’adresse web
error-email = Saisissez une adresse électronique au format nom@example.org
error-phone = Saisissez un numéro de téléphone au format international, par exemple +49 69 123456
error-date = Saisissez une date au format 2027-03-31
error-date-past = Saisissez une date future
error-choice = Choisissez pour « { $field } » l’une des valeurs proposées
error-password = Le mot de passe n’est pas correct
error-stale-form = Ce formulaire avait expiré. Rien n’a été modifié ; veuillez l’envoyer à nouveau.

# Error pages
error-not-found-title = Page introuvable
error-not-found-text = Il n’y a rien à cette adresse, ou elle ne vous est pas destinée.
error-forbidden-title = Non autorisé
error-forbidden-text = Vos rôles ne le permettent pas. « Mon périmètre » indique ce que vous pouvez faire.
error-bad-request-title = La demande n’a pas pu être lue
error-bad-request-text = Il manquait quelque chose ou le format n’était pas correct. Revenez en arrière et réessayez.
error-too-many-title = Trop de demandes
error-too-many-text = Veuillez attendre { $seconds } secondes et réessayer.
error-too-large-title = Trop de données
error-too-large-text = L’envoi dépasse ce que cette page accepte.
error-csrf-title = Ce formulaire n’a pas pu être accepté
error-csrf-text = Il vient d’un autre site, ou votre session a changé depuis l’ouverture de la page. Revenez en arrière, rechargez la page et réessayez.
error-conflict-title = Modifié entre-temps
error-conflict-text = Quelqu’un d’autre a modifié ces données au même moment. Rien n’a été enregistré ; revenez en arrière et réessayez.
error-step-up-title = Veuillez vous reconnecter
error-step-up-text = Cette modification exige une connexion récente avec votre second facteur. Déconnectez-vous, reconnectez-vous et recommencez.
error-internal-title = Une erreur est survenue
error-internal-text = L’erreur vient de nous et a été enregistrée. Veuillez réessayer dans un instant.
error-request-id = Si vous demandez de l’aide, indiquez ce numéro :
error-go-home = Aller à la page d’accueil

# Help, privacy, accessibility
help-title = Aide et contact
privacy-title = Confidentialité
privacy-text = Ce portail conserve ce qui est nécessaire pour vous connecter et pour décider quelles applications vous pouvez utiliser : nom, adresse électronique, numéro de téléphone, { -place-fr }, appartenances et un journal des connexions et des modifications. Il n’utilise que les cookies nécessaires et ne transmet à une application que ce pour quoi elle est enregistrée.
accessibility-title = Déclaration d’accessibilité
accessibility-text = Ce portail vise la conformité à WCAG 2.2, niveau AA. Chaque page fonctionne au clavier, sans JavaScript et agrandie à 400 %. Si quelque chose est difficile à utiliser, dites-le-nous par la page d’aide.
footer-support = Assistance :
lasting-days = { $count ->
    [one] { $count } jour
   *[other] { $count } jours
}
lasting-hours = { $count ->
    [one] { $count } heure
   *[other] { $count } heures
}
lasting-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
conformance-banner = Mode de conformité, pour les suites de tests. Rien ici n’est réel ; un mot de passe suffit pour certaines applications.
