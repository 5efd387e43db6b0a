push-title = Transmettre les personnes à cette application
push-intro = Les personnes et les groupes de { $client } peuvent être transmis à son propre serveur SCIM : quiconque est dans un de ses groupes, avec les attributs que contiennent ses jetons.
push-to = Transmis à { $address }
push-is-active = Les changements sont transmis immédiatement.
push-is-paused = En pause : rien n’est transmis.
push-last = Dernière transmission : { $at }
push-failing = La transmission échoue ({ $answer }) et sera tentée de nouveau à { $at }.
push-compared = Comparaison complète à { $at } : { $found }
push-found-nothing = rien n’y est encore
push-pause = Mettre en pause
push-resume = Transmettre
push-settings = Où et comment
push-preview = Aperçu
push-retry = Tout comparer et retenter les échecs
push-retry-title = Tout comparer
push-retry-text = Tout ce que contient { $client } est comparé avec ce qu’elle devrait contenir, et les échecs sont retentés. Cela se fait en quelques secondes.
push-remove = Arrêter définitivement la transmission
push-remove-title = Arrêter définitivement la transmission
push-remove-text = Plus rien n’est transmis à { $client } ; l’adresse et le jeton sont oubliés. Les personnes transmises y restent : pour les retirer, mettez fin auparavant à leurs appartenances et laissez transmettre une dernière fois.
push-settings-title = Où et comment les personnes sont transmises
push-url = Adresse du serveur SCIM
push-url-hint = Sans /Users, par exemple https://app.example/scim/v2
push-token = Jeton d’accès (bearer)
push-token-hint = Créé dans l’application. Il est conservé chiffré et n’est montré à personne.
push-token-kept = Vide : l’actuel reste, tant que l’adresse reste.
push-user-name = Nom d’utilisateur là-bas
push-user-name-user-name = Le nom d’utilisateur
push-user-name-email = L’adresse électronique
push-user-name-subject = Le sujet (sub) de ses jetons
push-update = Les changements sont envoyés par
push-update-patch = PATCH : ce que l’application gère elle-même reste
push-update-put = PUT : la personne entière, pour les serveurs sans PATCH
push-leavers = Quiconque n’a plus accès
push-deleted = Quiconque a été supprimé ici
push-ending-deactivate = y est désactivé
push-ending-delete = y est supprimé
push-with-groups = Transmettre aussi les groupes et leurs membres
push-with-organisation = Indiquer { -place-fr(form: "the") } de chaque personne
push-adopt = Reprendre les comptes et groupes qui portent déjà le même nom
push-adopt-hint = Seulement pendant la migration d’une application : sinon, quiconque peut nommer des personnes ici pourrait reprendre là-bas un compte du même nom.
push-error-address = Cette adresse ne peut pas être appelée : { $why }
push-error-base = L’adresse d’un serveur SCIM ne contient ni « ? » ni « # »
push-error-token = Saisissez le jeton pour cette adresse : des caractères visibles sans espaces
push-error-scope = Ce client n’a pas le scope { $scope } et ne peut connaître ce nom
push-error-third-party = Les personnes sont consultées avant toute communication à cette application ; rien ne lui est donc transmis
push-refused-what = Qui ou quoi
push-refused-kind = Type
push-kind-user = Personne
push-kind-group = Groupe
push-kind-organisation = { -place-fr(form: "One") }
push-kind-members = Membres d’un groupe
push-refused-answer = Réponse de l’application
push-refused-again = Prochain essai
push-refused-none = L’application ne refuse rien.
push-preview-title = Ce qui serait transmis
push-preview-groups = Groupes : { $groups }.
push-preview-found = Comparaison avec l’application maintenant : { $found }.
push-preview-failed = L’application ne peut pas être lue : { $answer }.
push-preview-samples = Quelques personnes, telles qu’elles seraient envoyées
push-preview-resource = Ressource
push-preview-nobody = Personne n’est dans un groupe de cette application.
done-push-saved = Enregistré.
done-push-hurried = Tout sera comparé en quelques secondes.
done-push-removed = Plus rien n’est transmis à cette application.
push-waiting = { $count ->
    [0] Rien n’attend.
    [one] Un changement attend.
   *[other] { $count } changements attendent.
}
push-people = { $count ->
    [0] Elle ne contient personne de notre part.
    [one] Elle contient une personne de notre part.
   *[other] Elle contient { $count } personnes de notre part.
}
push-groups = { $count ->
    [0] Elle ne contient aucun de nos groupes.
    [one] Elle contient un de nos groupes.
   *[other] Elle contient { $count } de nos groupes.
}
push-refused-caption = { $count ->
    [0] Aucun refus
    [one] Un refus
   *[other] { $count } refus
}
push-preview-people = { $count ->
    [0] Personne n’est dans un groupe de cette application.
    [one] Une personne est dans un groupe de cette application.
   *[other] { $count } personnes sont dans un groupe de cette application.
}
push-found-same = { $count ->
    [one] une personne conforme
   *[other] { $count } personnes conformes
}
push-found-missing = { $count ->
    [one] une personne manquante
   *[other] { $count } personnes manquantes
}
push-found-different = { $count ->
    [one] une personne différente
   *[other] { $count } personnes différentes
}
push-found-surplus = { $count ->
    [one] une personne en trop
   *[other] { $count } personnes en trop
}
push-found-foreign = { $count ->
    [one] un compte étranger
   *[other] { $count } comptes étrangers
}
push-found-groups = { $count ->
    [one] un groupe manquant ou renommé
   *[other] { $count } groupes manquants ou renommés
}
push-found-members = { $count ->
    [one] une appartenance différente
   *[other] { $count } appartenances différentes
}
push-found-foreign-members = { $count ->
    [one] un membre étranger
   *[other] { $count } membres étrangers
}
push-preview-unseen = Vous ne voyez aucune de ces personnes.
