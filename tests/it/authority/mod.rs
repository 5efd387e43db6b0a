//! Delegated administration against real stores, on both engines: what abuse is refused, that lists and decisions agree,
//! and the matrix of who may do what to whom. The decision itself is compared with its specification in `src/authority/tests`.

mod amendments;
mod commands;
mod deputies;
mod escalation;
mod lists;
mod managers;
mod managers_effects;
mod matrix;
mod matrix_managers;
mod matrix_projects;
mod nomination_sequences;
mod nominations_model;
mod people;
mod races;
mod registrations;
mod registrations_network;
mod resource_owner;
mod roles;
mod services;
mod weak;
