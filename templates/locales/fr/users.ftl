# Users, their roles and memberships.
users-title = Gestion des utilisateurs
users-back = Retour aux utilisateurs
users-create = Créer un utilisateur
users-select-level = Choisir { -place-fr(form: "the") }
users-select-memberships = Choisir l’appartenance
users-caption = Utilisateurs de { $level } : { $count }
users-none = Aucun utilisateur ne correspond.
users-clear = Effacer les filtres
users-export = Exporter en CSV
user-status = État
actions = Actions
status-new = Nouveau
status-active = Actif
status-expired = Expiré
status-blocked = Bloqué
status-deactivated = Désactivé
status-deleted = Supprimé
user-password = Mot de passe
password-status-temporary = Pas encore choisi
password-status-valid = En usage
password-status-blocked = Bloqué
password-status-expired = Expiré
user-assign = Attribuer des appartenances
user-personal-details = Données personnelles
user-contact-hidden = masqué
user-nameless = Personne sans nom
users-contact-hint = Ne cherche que parmi les utilisateurs dont vous pouvez voir l’adresse.
user-email-hint = Nous y envoyons l’invitation.
user-phone-hint = Format international, par exemple +49 69 123456 ; pour les codes de connexion.
user-company-id-hint = Seulement pour les applications qui le demandent.
user-expires-hint = Pour les comptes temporaires : le dernier jour de validité.
user-save-and-assign = Enregistrer et attribuer des appartenances
user-edit-title = Modifier l’utilisateur
user-taken = Un compte avec cette adresse e-mail existe déjà, ici ou ailleurs. Si la personne doit passer chez vous, demandez à l’exploitant de ce service de déplacer le compte.
import-taken = Un compte avec cette adresse e-mail existe déjà, avec d’autres données ou ailleurs. Il reste tel quel.
user-known = { $name } existe déjà dans { $level }, { -place-fr(form: "a") } que vous administrez. Un second compte n’est pas nécessaire.
user-known-open = Ouvrir { $name }
user-details-read-only = Seul un administrateur des utilisateurs peut modifier ces données.
user-no-memberships = Aucune appartenance.
roles = Rôles
roles-sub-levels = Ce qui est coché maintenant vaut aussi pour les { -place-fr(form: "subs") }
role-text-other = Un rôle de cette installation.
role-not-yours = Vous ne pouvez ni accorder ni retirer ce rôle ici.
role-own = Personne ne peut modifier ses propres rôles.
role-elsewhere = Détenu aussi sur { $level } ; à modifier là-bas.
role-pending = en attente de confirmation
role-waits-for-phase = en attente de la phase { $phase }
role-limit = Ce rôle ne peut pas être modifié : le nombre de ses détenteurs ne serait plus correct.
role-reason-last = Personne d’autre ne détient ce rôle ici : dites pourquoi il est tout de même retiré.
role-duties = Ces rôles ne peuvent pas être détenus ensemble.
memberships-count = Appartenances ({ $count })
memberships-search = Rechercher des groupes
memberships-filter = Filtrer
memberships-none-found = Aucun groupe ne correspond.
done-user-created = L’utilisateur a été créé. L’invitation est en route.
done-user-saved = Les modifications ont été enregistrées.
done-user-deleted = L’utilisateur a été supprimé.
done-memberships-saved = Les appartenances ont été enregistrées.
memberships-hidden = { $count ->
    [one] Non affichée : { $count } application que vous n’administrez pas
   *[other] Non affichées : { $count } applications que vous n’administrez pas
}
user-delete-memberships = { $count ->
    [one] { $count } appartenance prend fin.
   *[other] { $count } appartenances prennent fin.
}
user-delete-roles = { $count ->
    [one] { $count } rôle d’administration prend fin.
   *[other] { $count } rôles d’administration prennent fin.
}
person = Personne
users-reach = Vous administrez : { $levels } { $below }
users-reach-many = Vous administrez : { $levels } avec beaucoup de { -place-fr(form: "subs") }
users-find-level = Trouver { -place-fr(form: "a") } par son nom
users-levels-found = { $count ->
    [one] { -place-fr(form: "A") } de ce nom
   *[other] { $count } { -place-fr(form: "many") } correspondent ; faites votre choix
}
status-expiring = Expire dans les 30 jours
user-last-modified = Dernière modification
user-account = Compte
user-log = Journal de cette personne
user-sessions = { $count ->
    [one] { $count } ouverte
   *[other] { $count } ouvertes
}
user-invite = Renvoyer le lien d’activation
user-invite-text = Un nouveau lien est envoyé ; il est valable { $lasts }. Les liens précédents cessent de fonctionner.
user-recover = Lancer une réinitialisation du mot de passe
user-recover-text = La personne reçoit un lien par courriel et choisit un nouveau mot de passe à l’aide de son téléphone. Vous ne le voyez jamais.
user-unlock = Déverrouiller la connexion
user-unlock-text = Les mots de passe et codes erronés saisis jusqu’ici sont oubliés ; la personne peut réessayer.
user-sign-out = Déconnecter partout
user-sign-out-text = Toutes les sessions de la personne prennent fin immédiatement, dans le portail et les applications.
user-reactivate = Réactiver
user-reactivate-text = La personne peut se reconnecter avec les mêmes appartenances et rôles.
user-unblock = Débloquer
user-unblock-text = Le blocage posé par l’exploitant est levé.
user-stop-sign-in = La personne est déconnectée partout immédiatement et ne peut plus se connecter.
user-deactivate = Désactiver
user-deactivate-title = Désactiver l’utilisateur
user-deactivate-intro = Vous allez désactiver { $name }.
user-deactivate-undo = Les appartenances et les rôles sont conservés. Vous pouvez réactiver le compte à tout moment.
user-deactivate-now = Désactiver cet utilisateur
user-factors = Retirer les moyens de connexion
user-factors-title = Retirer les moyens de connexion
user-factors-intro = Vous êtes sur le point de retirer à { $name } toutes les applications d’authentification, clés d’accès et codes de secours : parce qu’ils sont perdus ou que quelqu’un d’autre les détient.
user-factors-ways = { $count ->
    [0] Tous les codes de secours ne sont plus valables.
    [one] Une application ou clé d’accès et tous les codes de secours ne sont plus valables.
   *[other] { $count } applications et clés d’accès et tous les codes de secours ne sont plus valables.
}
user-factors-sessions = La personne est déconnectée partout, et plus aucun navigateur n’est mémorisé.
user-factors-phone = Elle se connecte comme avant avec son mot de passe et un code envoyé à son téléphone.
user-factors-no-phone = Il n’y a pas de numéro de téléphone : la personne ne peut pas se connecter avant qu’un numéro ait été saisi et ait pris effet.
user-factors-undo = Cette opération est irréversible : la personne en ajoute elle-même de nouveaux une fois connectée. Elle est avertie par courriel.
user-factors-now = Les retirer
user-block = Bloquer
user-block-title = Bloquer l’utilisateur
user-block-intro = Vous allez bloquer { $name }.
user-block-undo = Seul un exploitant peut lever le blocage, pas les administrateurs du client.
user-block-now = Bloquer cet utilisateur
user-delete-title = Supprimer l’utilisateur
user-delete-intro = Vous allez supprimer { $name }.
user-delete-undo = Pendant { $lasts }, le compte peut être restauré depuis le statut « Supprimé » de la liste ; les appartenances et les rôles ne reviennent pas.
user-delete-now = Supprimer cet utilisateur
user-reason = Motif
user-reason-hint = Conservé dans le journal.
user-last = C’est le dernier titulaire d’un rôle d’administrateur. Attribuez d’abord le rôle à quelqu’un d’autre, ou adressez-vous à l’exploitant.
user-last-holder = C’est le dernier { $role } de { $level }. Ensuite, plus personne ne pourra y assurer cette tâche avant que le rôle soit attribué à nouveau.
user-last-refused = C’est le dernier { $role } de { $level }. Attribuez d’abord le rôle à quelqu’un d’autre, ou adressez-vous à l’exploitant.
user-restore = Restaurer
user-restore-title = Restaurer l’utilisateur
user-restore-text = { $name } peut se reconnecter.
user-restore-memberships = Les appartenances et les rôles ne reviennent pas d’eux-mêmes : ils doivent être redonnés.
role-last = Dernier titulaire ici ; attribuez le rôle à quelqu’un d’autre avant de le retirer.
done-user-deactivated = L’utilisateur a été désactivé.
done-user-blocked = L’utilisateur a été bloqué.
done-user-reactivated = L’utilisateur a été réactivé.
done-user-unblocked = L’utilisateur a été débloqué.
done-user-restored = L’utilisateur a été restauré.
done-user-invited = Le lien d’activation a été envoyé.
done-user-recovery = Le lien pour un nouveau mot de passe a été envoyé.
done-user-factors-taken = Les applications, clés d’accès et codes de secours ont été retirés, et la personne est déconnectée.
done-user-unlocked = La personne peut réessayer.
done-user-name-told = Il est noté que le nom d’utilisateur a été communiqué.
user-name-text = Le nom d’utilisateur de ce compte a été attribué et ne figure dans aucun courriel. Communiquez-le vous-même à son titulaire : par téléphone, par lettre ou en personne, jamais par courriel.
user-name-title = Nom d’utilisateur
user-name-by = Comment il a été communiqué
user-name-by-phone = Par téléphone
user-name-by-letter = Par lettre
user-name-by-person = En personne
user-name-told = Je l’ai communiqué
done-user-signed-out = Toutes les sessions ont été closes.
user-pending = Cette modification prendra effet dès l’accord de la personne, ou d’elle-même le { $at }. D’ici là, les anciennes coordonnées restent en vigueur.
role-with-sub-levels = Avec les { -place-fr(form: "subs") }.
user-move = Déplacer
user-move-title = Déplacer l’utilisateur
user-move-text = { $name } change { -place-fr(form: "of") }. Les rôles qui ne portent pas aussi sur le nouvel emplacement prennent fin, de même que les appartenances que vous ne pourriez pas y donner.
user-move-level = { -place-fr.gender ->
    [feminine] Nouvelle
   *[masculine] Nouveau
 } { -place-fr }
user-move-roles-end = Rôles qui prennent fin
user-move-roles-stay = Rôles qui restent
user-move-groups-end = Appartenances qui prennent fin
user-move-groups-stay = Appartenances qui restent
user-move-none = Aucun
user-hidden-memberships = Des appartenances à des applications que vous n’administrez pas peuvent aussi prendre fin.
user-move-now = Déplacer cet utilisateur
user-move-changed = Quelque chose a changé depuis l’aperçu. Regardez-le de nouveau.
done-user-moved = L’utilisateur a été déplacé.
users-import = Importer des utilisateurs
import-text = Un fichier CSV en UTF-8 avec une ligne d’en-tête. Colonnes : email, given_name, family_name ; en plus, au choix, phone, organisation (l’identifiant { -place-fr(form: "of_a") }), company_id, subsidiary, expires. Chaque ligne est traitée pour elle-même ; le même fichier une seconde fois ne change rien. Toute personne créée reçoit un courriel.
import-file = Fichier CSV
import-file-hint = Jusqu’à 500 personnes et 320 Kio
import-look = Voir ce qui se passerait
import-do = Importer
import-line = Ligne
import-name = Nom
import-result = Résultat
import-new = serait créé
import-created = créé
import-unchanged = existe déjà
import-refused = vous ne pouvez pas y créer d’utilisateurs
import-would = Seraient créés : { $created }. Existent déjà : { $unchanged }. Impossibles : { $wrong }.
import-done = Créés : { $created }. Existent déjà : { $unchanged }. Impossibles : { $wrong }.
import-error-file = Ce n’est pas un fichier CSV en UTF-8
import-error-missing = La colonne « { $column } » manque
import-error-unknown = La colonne « { $column } » est inconnue ou en double
import-error-empty = Ce fichier ne contient personne
import-error-many = Au plus { $max } personnes à la fois
import-error-organisation = « organisation » n’est pas l’identifiant { -place-fr(form: "of_a") }
import-error-twice = La même adresse est à la ligne { $line }
import-too-many = Non vérifié : trop d’adresses de personnes d’ailleurs ont été demandées. Réessayez dans une heure.
by-way-of = par { $name }
memberships-gives = Donne aussi : { $names }
memberships-given-by = Déjà donné par : { $names }
